using GenPrm.Core.Jobs;
using GenPrm.Grains.Jobs;

namespace GenPrm.Tests.Unit.Jobs;

/// <summary>Enumerations are stored and sent as numbers. A name that got another number would change what is in every store: new names go to the end.</summary>
public sealed class StoredEnumTests
{
    [Fact]
    public void Numbers_OfEveryStoredEnumeration_AreWhatTheyWere()
    {
        string[] found =
        [
            .. new[] { typeof(JobParameters).Assembly, typeof(IJobGrain).Assembly }.SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.IsEnum && type.IsPublic)
                .OrderBy(type => type.Name, StringComparer.Ordinal)
                .Select(type => $"{type.Name}: {string.Join(' ', Enum.GetValues(type).Cast<object>().Select(value => $"{value}={Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)}"))}"),
        ];
        Assert.Equal(File.ReadAllLines(Path.Combine(TestMaterial.RepositoryRoot, "tests", "data", "stored-enums.txt")), found);
    }
}
