using GenPrm.Sandbox;
using GenPrm.Sandbox.Containers;
using GenPrm.Sandbox.Setup;

namespace GenPrm.Tests.Unit.Sandbox;

public sealed class ContainerTests
{
    private static readonly SandboxOptions Options = new() { MemoryBytes = 300 << 20, Processes = 20, Processors = 0.5 };

    [Fact]
    public void Specification_OfAContainer_HoldsEverythingBack()
    {
        var parameters = ContainerSpecification.Create(Options, SandboxOwner.Current, 34567);
        var host = parameters.HostConfig;
        Assert.Equal(("34567:34567", true, "none"), (parameters.User, parameters.NetworkDisabled, host.NetworkMode));
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Null(host.CapAdd);
        Assert.Equal(["no-new-privileges"], host.SecurityOpt);
        Assert.True(host.ReadonlyRootfs);
        Assert.False(host.Privileged);
        Assert.Equal((Options.MemoryBytes, Options.MemoryBytes, 500_000_000L, 20L), (host.Memory, host.MemorySwap, host.NanoCPUs, host.PidsLimit));
        Assert.Null(host.Binds);
        Assert.Null(host.Mounts);
        Assert.All(host.Tmpfs.Values, mount => Assert.Contains("noexec,nosuid,nodev,size=", mount, StringComparison.Ordinal));
    }

    [Fact]
    public void Users_OfTwoContainers_AreNeitherRootNorAUsualAccount() =>
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(ContainerSpecification.NewUser(), 20_000, 59_999));

    [Fact]
    public void Owner_WrittenAndRead_IsTheSame() => Assert.Equal(SandboxOwner.Current, SandboxOwner.Parse(SandboxOwner.Current.ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("host/1")]
    [InlineData("host/x/1")]
    [InlineData("host/-1/1")]
    public void Owner_ThatIsNone_IsNull(string label) => Assert.Null(SandboxOwner.Parse(label));

    [Fact]
    public void Owner_ThisProcess_IsAlive() => Assert.False(SandboxOwner.Current.IsDead);

    [Fact]
    public void Owner_EarlierProcessWithTheSameId_IsDead() => Assert.True((SandboxOwner.Current with { Started = SandboxOwner.Current.Started - 1 }).IsDead);

    [Fact]
    public void Owner_OnAnotherMachine_IsNotForUsToSay() => Assert.False((SandboxOwner.Current with { Host = "another", Process = 1 }).IsDead);

    [Theory]
    [InlineData(nameof(SandboxOptions.Containers))]
    [InlineData(nameof(SandboxOptions.MemoryBytes))]
    [InlineData(nameof(SandboxOptions.BlockTime))]
    public void Options_OutOfRange_AreRefusedByName(string option)
    {
        var options = option switch
        {
            nameof(SandboxOptions.Containers) => Options with { Containers = 0 },
            nameof(SandboxOptions.MemoryBytes) => Options with { MemoryBytes = 1 },
            _ => Options with { BlockTime = TimeSpan.Zero },
        };
        Assert.Contains(option, Assert.Throws<ArgumentException>(options.Validated).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageTag_CarriesTheDefinitionsHash_AndTheDefinitionIsWhole()
    {
        Assert.Matches("^genprm-sandbox:[0-9a-f]{16}$", SandboxImage.Tag);
        Assert.Equal(["Dockerfile", "finish.sh", "guest.py"], SandboxImage.Files.Keys);
    }

    [Fact]
    public void Checks_OfAContainerAsItShouldBe_AreGood() =>
        Assert.All(Judge("seccomp 2\ncapabilities 0000000000000000\nnew-privileges 1\nmemory 314572800\nprocesses 20\nnetwork lo\n"), check => Assert.Equal(SandboxStanding.Good, check.Standing));

    [Theory]
    [InlineData("seccomp 0\ncapabilities 0000000000000000\nnew-privileges 1\nmemory 314572800\nprocesses 20\nnetwork lo\n", "sandbox seccomp")]
    [InlineData("seccomp 2\ncapabilities 00000000a80425fb\nnew-privileges 1\nmemory 314572800\nprocesses 20\nnetwork lo\n", "sandbox capabilities")]
    [InlineData("seccomp 2\ncapabilities 0000000000000000\nnew-privileges 1\nmemory max\nprocesses 20\nnetwork lo\n", "sandbox memory")]
    [InlineData("seccomp 2\ncapabilities 0000000000000000\nnew-privileges 1\nmemory 314572800\nprocesses 20\nnetwork lo eth0\n", "sandbox network")]
    [InlineData("seccomp 2\ncapabilities 0000000000000000\nnew-privileges 1\nmemory 314572800\nprocesses unknown\nnetwork lo\n", "sandbox processes")]
    public void Checks_OfAContainerWithAHole_NameIt(string lines, string name)
    {
        var wrong = Assert.Single(Judge(lines), check => check.Standing == SandboxStanding.Wrong);
        Assert.Equal(name, wrong.Name);
        Assert.NotNull(wrong.Remedy);
    }

    private static IEnumerable<SandboxCheck> Judge(string lines) => SandboxCheck.Judge(Options, lines);
}
