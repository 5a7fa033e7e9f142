using GenPrm.Model.Transformer;
using TorchSharp;

namespace GenPrm.Model.Torch;

/// <summary>Where a model runs, and in which numbers.</summary>
/// <param name="Device">The CPU or one CUDA device.</param>
/// <param name="Dtype">bfloat16 or float32 (float64 in checks).</param>
public sealed record TorchTarget(torch.Device Device, torch.ScalarType Dtype)
{
    /// <summary>The number type as users write it.</summary>
    public string DtypeName => Dtype switch
    {
        torch.ScalarType.BFloat16 => "bf16",
        torch.ScalarType.Float32 => "f32",
        _ => "f64",
    };

    /// <summary>Reads a device and a number type as users write them.</summary>
    /// <param name="device"><c>auto</c> (the first CUDA device if there is one, else the CPU), <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</param>
    /// <param name="dtype"><c>bf16</c>, <c>f32</c>, <c>f64</c>, or <c>auto</c>: bf16, but f32 on a CPU without packed products in bf16.</param>
    /// <exception cref="ArgumentException">The text is none of these, or this machine has no such device.</exception>
    public static TorchTarget Parse(string device, string dtype)
    {
        NativeTorch.EnsureLoaded();
        var where = ParseDevice(device);
        return new TorchTarget(where, ParseDtype(dtype, where));
    }

    private static torch.Device ParseDevice(string text)
    {
        switch (text)
        {
            case "auto":
                return torch.cuda.is_available() ? torch.device("cuda:0") : torch.CPU;
            case "cpu":
                return torch.CPU;
        }
        var index = 0;
        if (text != "cuda" && !(text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), out index) && index >= 0))
            throw new ArgumentException($"Device `{text}` is unknown. Use auto, cpu, or cuda:N with N from 0.");
        if (!torch.cuda.is_available())
            throw new ArgumentException(
                $"Device `{text}` is not available: this build or machine has no CUDA. Build with -p:Torch=cuda on a machine with an NVIDIA driver, or use cpu.");
        if (index >= torch.cuda.device_count())
            throw new ArgumentException($"Device `{text}` is not available: this machine has {torch.cuda.device_count()} CUDA device(s), counted from 0.");
        return torch.device($"cuda:{index}");
    }

    private static torch.ScalarType ParseDtype(string text, torch.Device device) => text switch
    {
        "auto" when device.type == DeviceType.CPU && !PackedLinear.Takes(torch.ScalarType.BFloat16) => torch.ScalarType.Float32,
        "auto" or "bf16" => torch.ScalarType.BFloat16,
        "f32" => torch.ScalarType.Float32,
        "f64" => torch.ScalarType.Float64,
        _ => throw new ArgumentException($"Number type `{text}` is unknown. Use bf16, f32 or auto."),
    };
}
