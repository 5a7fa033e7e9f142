using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace GenPrm.Model.Torch;

/// <summary>Makes TorchSharp's native libraries usable. To be called before the first use of <see cref="torch"/>.</summary>
public static class NativeTorch
{
    private const string Library = "libLibTorchSharp.so";
    private const string Copy = "libLibTorchSharp.glibcxx-3.4.30.so";
    private static readonly Lazy<(string File, nint DataOf)> Loaded = new(Load);

    /// <summary>Loads the libraries once in a process. Safe to call from any thread, as often as wanted.</summary>
    /// <exception cref="DllNotFoundException">They can not be loaded; the message gives the reason and the remedy.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>The file that was loaded: TorchSharp's own, or the copy made for an older C++ library.</summary>
    public static string LoadedFile => Loaded.Value.File;

    /// <summary>Where a CPU tensor's first element lies. Valid for as long as the tensor lives.</summary>
    public static unsafe nint DataOf(torch.Tensor tensor)
    {
        var data = ((delegate* unmanaged[Cdecl]<nint, nint>)Loaded.Value.DataOf)(tensor.Handle);
        GC.KeepAlive(tensor);
        return data;
    }

    /// <summary>A function of torch's own CPU library; 0 where it has none of that name.</summary>
    public static nint TorchExport(string name) =>
        NativeLibrary.TryLoad(Path.Combine(Path.GetDirectoryName(LoadedFile)!, "libtorch_cpu.so"), out var library)
        && NativeLibrary.TryGetExport(library, name, out var function) ? function : 0;

    private static (string File, nint DataOf) Load()
    {
        var file = Find();
        if (!NativeLibrary.TryLoad(file, out var handle))
        {
            file = WriteCopy(file);
            handle = NativeLibrary.Load(file);
        }
        NativeLibrary.SetDllImportResolver(
            typeof(torch).Assembly,
            (name, _, _) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? handle : 0);
        torch.InitializeDeviceType(DeviceType.CPU);
        return (file, NativeLibrary.GetExport(handle, "THSTensor_data"));
    }

    /// <summary>With a RuntimeIdentifier natives lie in the output folder itself, without one below <c>runtimes</c>.</summary>
    private static string Find()
    {
        string[] folders =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
            Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) ?? AppContext.BaseDirectory,
        ];
        return folders.Select(folder => Path.Combine(folder, Library)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException(
                $"{Library} is not in {AppContext.BaseDirectory}: the program was built without TorchSharp's native package. "
                + "Reference TorchSharp-cpu or TorchSharp-cuda-linux (import Torch.props) and build again.");
    }

    private static string WriteCopy(string file)
    {
        var copy = Path.Combine(Path.GetDirectoryName(file)!, Copy);
        if (File.Exists(copy) && File.GetLastWriteTimeUtc(copy) >= File.GetLastWriteTimeUtc(file))
            return copy;
        var lowered = GlibcxxVersion.Lowered(File.ReadAllBytes(file))
            ?? throw new DllNotFoundException(
                $"{file} does not load ({Reason(file)}), and not for want of GLIBCXX_3.4.32. See `ldd {file}` for what is missing.");
        // Several processes may start from one folder: each writes its own file, and the rename is atomic.
        var temporary = $"{copy}.{Environment.ProcessId}";
        try
        {
            File.WriteAllBytes(temporary, lowered);
            File.Move(temporary, copy, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException(
                $"{file} needs GLIBCXX_3.4.32, which this system's libstdc++ lacks, and a changed copy can not be written beside it "
                + $"({error.Message}). Make {Path.GetDirectoryName(file)} writable for the first start, or install a newer libstdc++.", error);
        }
        return copy;
    }

    private static string Reason(string file)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(file));
            return "no reason given";
        }
        catch (DllNotFoundException error)
        {
            return error.Message;
        }
    }
}
