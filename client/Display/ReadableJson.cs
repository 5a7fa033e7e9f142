using System.Text.Json;
using System.Text.Json.Serialization;
using GenPrm.Core.Execution;
using GenPrm.Core.Jobs;
using GenPrm.Core.Labels;

namespace GenPrm.Client.Display;

/// <summary>A share as its two counts: their quotient is the reader's to take.</summary>
internal sealed class ShareJson : JsonConverter<Share>
{
    public override Share Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Output is written, not read.");

    public override void Write(Utf8JsonWriter writer, Share value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("count", value.Count);
        writer.WriteNumber("of", value.Of);
        writer.WriteEndObject();
    }
}

/// <summary>Counts as <c>total</c> and <c>classes</c>.</summary>
internal sealed class ClassCountsJson : JsonConverter<ClassCounts>
{
    public override ClassCounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Output is written, not read.");

    public override void Write(Utf8JsonWriter writer, ClassCounts value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("total", value.Total);
        writer.WriteStartObject("classes");
        foreach ((string name, long count) in value.Classes)
            writer.WriteNumber(name, count);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

/// <summary>A block's outcome with its case's name in <c>outcome</c>.</summary>
internal sealed class SandboxOutcomeJson : JsonConverter<SandboxOutcome>
{
    public override SandboxOutcome Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Output is written, not read.");

    public override void Write(Utf8JsonWriter writer, SandboxOutcome value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(value.GetType().Name));
        writer.WriteString("output", value.Output);
        writer.WriteNumber("elapsed_milliseconds", value.Elapsed.TotalMilliseconds);
        if (value is SandboxOutcome.Failed failed)
        {
            writer.WriteString("error_type", failed.ErrorType);
            writer.WriteString("message", failed.Message);
        }

        if (value is SandboxOutcome.Lost lost)
            writer.WriteString("reason", lost.Reason);
        writer.WriteEndObject();
    }
}
