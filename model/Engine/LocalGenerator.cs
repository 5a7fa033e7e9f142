using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenPrm.Core.Generation;

namespace GenPrm.Model.Engine;

/// <summary>Models by name, each run by an engine in this process. An engine is loaded when it is first asked for; names of the same
/// folder share one.</summary>
public sealed class LocalGenerator : IStreamingGenerator, IAsyncDisposable
{
    private readonly Dictionary<string, Lazy<Task<GenerationEngine>>> engines = new(StringComparer.Ordinal);

    /// <param name="folders">Model name → Hugging Face folder.</param>
    /// <param name="options">How every engine runs.</param>
    public LocalGenerator(IReadOnlyDictionary<string, string> folders, EngineOptions options)
    {
        options.Validate();
        var byFolder = new Dictionary<string, Lazy<Task<GenerationEngine>>>(StringComparer.Ordinal);
        foreach (var (name, folder) in folders)
        {
            var path = Path.GetFullPath(folder);
            if (!byFolder.TryGetValue(path, out var engine))
                byFolder.Add(path, engine = new(() => Task.Run(() => GenerationEngine.Load(path, options))));
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
        foreach (var engine in engines.Values.Where(engine => engine.IsValueCreated).Select(engine => engine.Value).Distinct())
        {
            // A model that did not load has nothing to give back, and its callers were told.
            await ((Task)engine).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (engine.IsCompletedSuccessfully)
                await (await engine).DisposeAsync();
        }
    }

    private Task<GenerationEngine> EngineOf(string model) => engines.TryGetValue(model, out var engine)
        ? engine.Value
        : throw new GenerationException($"Model `{model}` is unknown here. Known: {string.Join(", ", engines.Keys.Order(StringComparer.Ordinal))}.");
}
