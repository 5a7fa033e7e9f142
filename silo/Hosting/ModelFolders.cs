using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenPrm.Core.Generation;
using GenPrm.Model.Engine;

namespace GenPrm.Silo.Hosting;

/// <summary>A generator that loads a model when it is first asked for: by a name from the settings, else by the path of its folder.</summary>
internal sealed class ModelFolders(GenerateSettings settings) : IStreamingGenerator, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, LocalGenerator> _byName = new(StringComparer.Ordinal);
    private readonly EngineOptions _options = new() { Device = settings.Device, Dtype = settings.Dtype };

    /// <summary>Whether this process can load a model of this name.</summary>
    public bool Serves(string model) => FolderOf(model) is not null;

    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        await (await LoadedAsync(request.Model, cancellationToken)).GenerateAsync(request, cancellationToken);

    public async Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) =>
        await (await LoadedAsync(request.Model, cancellationToken)).ScoreAsync(request, cancellationToken);

    public async Task<ModelFacts> DescribeAsync(string model, CancellationToken cancellationToken) =>
        await (await LoadedAsync(model, cancellationToken)).DescribeAsync(model, cancellationToken);

    public async IAsyncEnumerable<GenerationEvent> StreamAsync(GenerationRequest request, int bestTokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LocalGenerator generator = await LoadedAsync(request.Model, cancellationToken);
        await foreach (GenerationEvent grown in generator.StreamAsync(request, bestTokens, cancellationToken))
            yield return grown;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LocalGenerator generator in _byName.Values)
            await generator.DisposeAsync();
    }

    /// <summary>The model's generator once it is loaded. Whatever keeps it from that is this silo's trouble and no request's.</summary>
    private async Task<LocalGenerator> LoadedAsync(string model, CancellationToken cancellationToken)
    {
        LocalGenerator generator = Of(model);
        try
        {
            await generator.DescribeAsync(model, cancellationToken);
            return generator;
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new GeneratorUnavailableException($"{model} can not be loaded: {cause.Message}", cause);
        }
    }

    private LocalGenerator Of(string model) => _byName.GetOrAdd(model, name => FolderOf(name) is { } folder
        ? new LocalGenerator(new Dictionary<string, string> { [name] = folder }, _options)
        : throw new GeneratorUnavailableException($"This silo has no model {name}: it is neither a folder here nor given with --model {name}=FOLDER."));

    private string? FolderOf(string model) => settings.Models.GetValueOrDefault(model) ?? (Path.IsPathRooted(model) && Directory.Exists(model) ? model : null);
}
