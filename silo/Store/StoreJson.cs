using System.Text.Json.Serialization;

namespace GenPrm.Silo.Store;

/// <summary>The small files of a store folder as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StoreVersion))]
[JsonSerializable(typeof(StoreEndpoint))]
internal sealed partial class StoreJson : JsonSerializerContext;
