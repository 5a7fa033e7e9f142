using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenPrm.Core.Generation;
using GenPrm.Core.Sharing;

namespace GenPrm.Model.Engine;

/// <summary>Models by name, each run by an engine in this process. An engine is loaded when it is first asked for; names of the same
/// folder share one. A folder that could not be loaded is tried again by a later request, since its files may have come or memory may be free.</summary>
public sealed class LocalGenerator : IStreamingGenerator, IAsyncDisposable
{
    private readonly Dictionary<string, Opened<GenerationEngine>> engines = new(StringComparer.Ordinal);

    /// <param name="folders">Model name → Hugging Face folder.</param>
    /// <param name="options">How every engine runs.</param>
    /// <param name="time">Measures how long a failed load is not tried again: 1 s at first, then up to 30 s. Null: the machine's.</param>
    public LocalGenerator(IReadOnlyDictionary<string, string> folders, EngineOptions options, TimeProvider? time = null)
    {
        options.Validate();
        var byFolder = new Dictionary<string, Opened<GenerationEngine>>(StringComparer.Ordinal);
        foreach (var (name, folder) in folders)
        {
            var path = Path.GetFullPath(folder);
            if (!byFolder.TryGetValue(path, out var engine))
                byFolder.Add(path, engine = new(() => Task.Run(() => Load(path, options)), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), time ?? TimeProvider.System));
            engines.Add(name, engine);
        }
    }

    public async Task<GenerationResult> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        await (await EngineOf(request.Model).WaitAsync(cancellationToken)).GenerateAsync(request, cancellationToken);

    public async Task<ImmutableArray<double>> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken) =>
        await (await EngineOf(request.Model).WaitAsync(cancellationToken)).ScoreAsync(request, cancellationToken);

    public async Task<ModelFacts> DescribeAsync(string model, CancellationToken cancellationToken) =>
        (await EngineOf(model).WaitAsync(cancellationToken)).Facts;

    public async IAsyncEnumerable<GenerationEvent> StreamAsync(
        GenerationRequest request, int bestTokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var engine = await EngineOf(request.Model).WaitAsync(cancellationToken);
        await foreach (var grown in engine.StreamAsync(request, bestTokens, cancellationToken))
            yield return grown;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in engines.Values.Select(engine => engine.Current).OfType<Task<GenerationEngine>>().Distinct())
        {
            // A model that did not load has nothing to give back, and its callers were told.
            await ((Task)engine).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (engine.IsCompletedSuccessfully)
                await (await engine).DisposeAsync();
        }
    }

    private static GenerationEngine Load(string folder, EngineOptions options)
    {
        try
        {
            return GenerationEngine.Load(folder, options);
        }
        catch
        {
            // The weights that were read so far hold memory outside of the collector's sight, which the next load needs.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            throw;
        }
    }

    private Task<GenerationEngine> EngineOf(string model) => engines.TryGetValue(model, out var engine)
        ? engine.GetAsync()
        : throw new GenerationException($"Model `{model}` is unknown here. Known: {string.Join(", ", engines.Keys.Order(StringComparer.Ordinal))}.");
}
