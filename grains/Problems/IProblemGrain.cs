using GenPrm.Grains.Views;

namespace GenPrm.Grains.Problems;

/// <summary>What a user may ask of a problem. Key: <c>JOB/17</c>.</summary>
[Alias("genprm.IProblemViews")]
public interface IProblemViews : IGrainWithStringKey
{
    /// <summary>The problem; <c>null</c> if there is no such problem.</summary>
    [Alias("View")]
    Task<ProblemView?> View();
}
