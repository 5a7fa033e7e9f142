using GenPrm.Model.Torch;
using GenPrm.Trainer.Runs;
using TorchSharp;

namespace GenPrm.Tests.Unit.Training;

public sealed class ComputeThreadTests
{
    /// <summary>Sums depend on it: a curve that another run beside this one could change would not be the same when it is gone on with.</summary>
    [Fact]
    public async Task Threads_OfARun_StayWhatTheyWereWhateverOthersSet()
    {
        NativeTorch.EnsureLoaded();
        using var compute = new ComputeThread(1);
        await compute.Run(() => 0);

        torch.set_num_threads(Math.Max(2, torch.get_num_threads()));

        Assert.Equal(1, await compute.Run(torch.get_num_threads));
    }
}
