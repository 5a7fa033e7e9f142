using System.Collections.Concurrent;
using System.Collections.Immutable;
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

    public Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        Of(request.Model).GenerateAsync(request, cancellationToken);

    public Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) =>
        Of(request.Model).ScoreAsync(request, cancellationToken);

    public Task<ModelFacts> DescribeAsync(string model, CancellationToken cancellationToken) => Of(model).DescribeAsync(model, cancellationToken);

    public IAsyncEnumerable<GenerationEvent> StreamAsync(GenerationRequest request, int bestTokens, CancellationToken cancellationToken) =>
        Of(request.Model).StreamAsync(request, bestTokens, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (LocalGenerator generator in _byName.Values)
            await generator.DisposeAsync();
    }

    private LocalGenerator Of(string model) => _byName.GetOrAdd(model, name => FolderOf(name) is { } folder
        ? new LocalGenerator(new Dictionary<string, string> { [name] = folder }, _options)
        : throw new GenerationException($"This silo has no model {name}: it is neither a folder here nor given with --model {name}=FOLDER."));

    private string? FolderOf(string model) => settings.Models.GetValueOrDefault(model) ?? (Path.IsPathRooted(model) && Directory.Exists(model) ? model : null);
}
