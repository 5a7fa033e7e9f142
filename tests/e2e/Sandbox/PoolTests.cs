using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;
using GenPrm.Core.Execution;
using GenPrm.Sandbox;
using GenPrm.Sandbox.Containers;
using GenPrm.Sandbox.Setup;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenPrm.Tests.EndToEnd.Sandbox;

/// <summary>The pool outlives what happens to its containers, and leaves none.</summary>
public sealed class PoolTests(SandboxFixture fixture) : SandboxTestBase(fixture)
{
    [Fact]
    public async Task Container_KilledUnderABlock_CostsOneRetry()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
        await using (var session = await sandbox.OpenAsync(Cancellation))
        {
            Assert.IsType<SandboxOutcome.Completed>(await session.RunAsync("x = 1", Cancellation));
            var running = session.RunAsync("import time\ntime.sleep(60)", Cancellation);
            await KillAsync(sandbox);
            Assert.IsType<SandboxOutcome.Lost>(await running);
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.RunAsync("print(x)", Cancellation));
        }
        await using var again = await sandbox.OpenAsync(Cancellation);
        Assert.Equal("1\n", (await again.RunAsync("print(1)", Cancellation)).Output);
    }

    [Fact]
    public async Task Container_KilledWhileIdle_CostsAtMostOneRetry()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
        await sandbox.WarmUpAsync(Cancellation);
        await KillAsync(sandbox);
        SandboxOutcome? outcome = null;
        for (var attempt = 0; attempt < 2 && outcome is not SandboxOutcome.Completed; attempt++)
        {
            await using var session = await sandbox.OpenAsync(Cancellation);
            outcome = await session.RunAsync("print(1)", Cancellation);
        }
        Assert.IsType<SandboxOutcome.Completed>(outcome);
    }

    [Fact]
    public async Task Session_EndedUnderABlock_StopsItAndGivesACleanContainerBack()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
        var session = await sandbox.OpenAsync(Cancellation);
        Assert.IsType<SandboxOutcome.Completed>(await session.RunAsync("x = 1", Cancellation));
        var running = session.RunAsync("import time\ntime.sleep(60)", Cancellation);
        await session.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await using var next = await sandbox.OpenAsync(Cancellation);
        Assert.IsType<SandboxOutcome.Failed>(await next.RunAsync("print(x)", Cancellation));
        Assert.Equal("1\n", (await next.RunAsync("print(1)", Cancellation)).Output);
    }

    [Fact]
    public async Task Open_WhileAllAreTaken_Waits()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
        var first = await sandbox.OpenAsync(Cancellation);
        var waiting = sandbox.OpenAsync(Cancellation);
        Assert.False(waiting.IsCompleted);
        await first.DisposeAsync();
        await using var second = await waiting;
        Assert.Equal("1\n", (await second.RunAsync("print(1)", Cancellation)).Output);
    }

    [Fact]
    public async Task Open_BeyondTheWaitingLimit_IsRefused()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1, WaitingLimit = 1 });
        await using var first = await sandbox.OpenAsync(Cancellation);
        using var cancel = new CancellationTokenSource();
        var waiting = sandbox.OpenAsync(cancel.Token);
        await Assert.ThrowsAsync<SandboxUnavailableException>(() => sandbox.OpenAsync(Cancellation));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Dispose_WithOpenSessions_LeavesNoContainer()
    {
        var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 2 });
        var session = await sandbox.OpenAsync(Cancellation);
        await session.RunAsync("x = 1", Cancellation);
        var containers = sandbox.ContainerIds;
        await sandbox.DisposeAsync();
        await session.DisposeAsync();
        Assert.NotEmpty(containers);
        using var docker = DockerEngine.Connect(SandboxFixture.Options);
        foreach (var id in containers)
            await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => docker.Containers.InspectContainerAsync(id, Cancellation));
    }

    [Fact]
    public async Task Leftovers_OfADeadOwner_AreRemovedAtTheNextStart_AndOthersAreNot()
    {
        await SandboxFixture.RequireAsync();
        using var docker = DockerEngine.Connect(SandboxFixture.Options);
        // A process that is dead for certain, since it has been waited for.
        int dead;
        using (var process = Process.Start("true"))
        {
            dead = process.Id;
            await process.WaitForExitAsync(Cancellation);
        }
        var killed = await CreateAsync(SandboxOwner.Current with { Process = dead, Started = 1 });
        var elsewhere = await CreateAsync(new SandboxOwner("another-machine", 1, 1));
        try
        {
            await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Containers = 1 });
            await sandbox.WarmUpAsync(Cancellation);
            var there = (await docker.Containers.ListContainersAsync(new ContainersListParameters { All = true }, Cancellation)).Select(container => container.ID).ToList();
            Assert.DoesNotContain(killed, there);
            Assert.Contains(elsewhere, there);
        }
        finally
        {
            await docker.Containers.RemoveContainerAsync(elsewhere, new ContainerRemoveParameters { Force = true }, Cancellation);
        }

        async Task<string> CreateAsync(SandboxOwner owner)
        {
            var created = await docker.Containers.CreateContainerAsync(ContainerSpecification.Create(SandboxFixture.Options, owner, 20_000), Cancellation);
            return created.ID;
        }
    }

    [Fact]
    public async Task Connection_ThatEnds_EndsTheContainer()
    {
        await SandboxFixture.RequireAsync();
        using var docker = DockerEngine.Connect(SandboxFixture.Options);
        var created = await docker.Containers.CreateContainerAsync(
            ContainerSpecification.Create(SandboxFixture.Options, SandboxOwner.Current, ContainerSpecification.NewUser()), Cancellation);
        try
        {
            var attach = new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true };
            using (await docker.Containers.AttachContainerAsync(created.ID, false, attach, Cancellation))
                await docker.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), Cancellation);
            var ended = await docker.Containers.WaitContainerAsync(created.ID, Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            Assert.Equal(0, ended.StatusCode);
        }
        finally
        {
            await docker.Containers.RemoveContainerAsync(created.ID, new ContainerRemoveParameters { Force = true }, Cancellation);
        }
    }

    [Fact]
    public async Task Engine_ThatIsNotThere_IsSaidWithARemedy()
    {
        var options = SandboxFixture.Options with { Engine = new Uri("unix:///nowhere/docker.sock") };
        await using var sandbox = new DockerSandbox(options, TimeProvider.System, NullLogger<DockerSandbox>.Instance);
        var exception = await Assert.ThrowsAsync<SandboxUnavailableException>(() => sandbox.OpenAsync(Cancellation));
        Assert.Contains("unix:///nowhere/docker.sock", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_ThatIsNotThere_IsSaidWithARemedy()
    {
        await using var sandbox = await OwnPoolAsync(SandboxFixture.Options with { Image = "genprm-sandbox:none" });
        var exception = await Assert.ThrowsAsync<SandboxUnavailableException>(() => sandbox.OpenAsync(Cancellation));
        Assert.Contains("genprm-sandbox:none", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checks_OnAMachineThatRunsSandboxes_AreAllGood()
    {
        await SandboxFixture.RequireAsync();
        var checks = await SandboxCheck.RunAsync(SandboxFixture.Options, TimeProvider.System, Cancellation);
        Assert.Equal(8, checks.Count);
        Assert.All(checks, check => Assert.True(check.Standing == SandboxStanding.Good, check.ToString()));
    }

    private static async Task KillAsync(DockerSandbox sandbox)
    {
        using var docker = DockerEngine.Connect(SandboxFixture.Options);
        foreach (var id in sandbox.ContainerIds)
            await docker.Containers.KillContainerAsync(id, new ContainerKillParameters(), Cancellation);
    }
}
