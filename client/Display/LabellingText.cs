using System.Globalization;
using GenPrm.Core.Labels;

namespace GenPrm.Client.Display;

/// <summary>A labelling in a few words.</summary>
public static class LabellingText
{
    public static string Of(Labelling labelling)
    {
        ArgumentNullException.ThrowIfNull(labelling);
        return labelling.Estimator == Estimator.Hard
            ? "hard"
            : string.Create(CultureInfo.InvariantCulture, $"{labelling.Estimator.ToString().ToLowerInvariant()} {labelling.Epsilon}");
    }
}
