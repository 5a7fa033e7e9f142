using GenPrm.Model.Checkpoints;

namespace GenPrm.Model.Transformer;

/// <summary>Rotary positions (Su et al. 2021): how far each pair of a head's numbers turns at a position.</summary>
public static class Rope
{
    /// <summary>Radians a position for each of the head's D / 2 pairs; number i is paired with number i + D / 2.</summary>
    public static double[] Frequencies(ModelConfig config)
    {
        var half = config.HeadSize / 2;
        var frequencies = new double[half];
        for (var pair = 0; pair < half; pair++)
        {
            var frequency = Math.Pow(config.RopeTheta, -(double)pair / half);
            frequencies[pair] = config.RopeScaling is { } scaling ? Scaled(frequency, scaling) : frequency;
        }
        return frequencies;
    }

    /// <summary>Cosines and sines of positions 0 .. <paramref name="positions"/> - 1, both [positions, D / 2].</summary>
    public static (float[] Cosines, float[] Sines) Table(ModelConfig config, int positions)
    {
        var frequencies = Frequencies(config);
        var half = frequencies.Length;
        // A configuration may claim any number of positions.
        var length = checked(positions * half);
        var cosines = new float[length];
        var sines = new float[length];
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < half; pair++)
            {
                // The frequency is rounded to f32 first, as the reference does; a long context would show the difference.
                var (sine, cosine) = Math.SinCos((float)(position * (float)frequencies[pair]));
                cosines[(position * half) + pair] = (float)cosine;
                sines[(position * half) + pair] = (float)sine;
            }
        }
        return (cosines, sines);
    }

    /// <summary>Llama 3's rule: long wavelengths are stretched, short ones kept, those between blended.</summary>
    private static double Scaled(double frequency, Llama3RopeScaling scaling)
    {
        var turns = scaling.OriginalMaxPositions * frequency / (2 * Math.PI);
        if (turns < scaling.LowFrequencyFactor)
            return frequency / scaling.Factor;
        if (turns > scaling.HighFrequencyFactor)
            return frequency;
        var blend = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return ((1 - blend) * frequency / scaling.Factor) + (blend * frequency);
    }
}
