namespace GenPrm.Trainer.Runs;

/// <summary>A clock that always says the same: a run's template writes the date of the run's beginning, however often it is gone on with.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("of the run", now.Offset, null, null);

    public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
}
