using GenPrm.Client;
using GenPrm.Client.CommandLine;
using GenPrm.Client.Lab;
using GenPrm.Lab.Runs;

namespace GenPrm.Tests.Unit.Lab;

public sealed class LabSettingsTests
{
    [Fact]
    public void Keep_TheSameSettingsOfAnotherCommit_GivesThoseThatBeganTheFolder()
    {
        using var folder = new TemporaryFolder();
        var place = new LabFolder(folder.Path);
        Assert.Equal("abc1234", place.Keep(Demo(1, "abc1234", LabRecipe.Demo)).Commit);
        Assert.Equal("abc1234", place.Keep(Demo(1, "def5678", LabRecipe.Demo)).Commit);
    }

    [Fact]
    public void Keep_OtherSettings_NamesThemWithTheRemedy()
    {
        using var folder = new TemporaryFolder();
        var place = new LabFolder(folder.Path);
        place.Keep(Demo(1, "abc1234", LabRecipe.Demo));

        var error = Assert.Throws<LabException>(() => place.Keep(Demo(2, "abc1234", LabRecipe.Demo with { K = 16, Judge = LabRecipe.Demo.Judge with { Batch = 16 } }) with { Dtype = "bf16" }));

        Assert.Equal(
            $"{folder.Path} holds results of other settings: seed was 1 and is 2; dtype was \"f32\" and is \"bf16\"; numbers.judge.batch was 32 and is 16; numbers.k was 24 and is 16. Give another --folder, or remove {folder.Path}.",
            error.Message);
        Assert.Equal(ExitCodes.Failed, ExpectedErrors.CodeOf(error));
    }

    [Fact]
    public void Hold_WhereAnotherRunIsAtWork_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var place = new LabFolder(folder.Path);
        using (place.Hold())
            Assert.Contains("another process is at work here", Assert.Throws<LabException>(place.Hold).Message, StringComparison.Ordinal);
        place.Hold().Dispose();
    }

    [Fact]
    public void Keep_QuickThenFull_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var place = new LabFolder(folder.Path);
        place.Keep(Lab(LabPlan.Quick));
        place.Keep(Lab(LabPlan.Quick));
        Assert.Contains("holds results of other settings: numbers.", Assert.Throws<LabException>(() => place.Keep(Lab(LabPlan.Full))).Message, StringComparison.Ordinal);
        // A message names the first few alone.
        Assert.Contains("numbers.paths was 2 and is 4", Lab(LabPlan.Quick).DifferencesTo(Lab(LabPlan.Full)));
        Assert.Throws<LabException>(() => place.Keep(Demo(1, "abc1234", LabRecipe.Demo)));
    }

    [Fact]
    public void Keep_ResultsThatDoNotSayWhatTheyDependOn_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var place = new LabFolder(folder.Path);
        Directory.CreateDirectory(place.Model("policy"));
        Assert.Contains("remove " + folder.Path, Assert.Throws<LabException>(() => place.Keep(Demo(1, "abc1234", LabRecipe.Demo))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_ABrokenFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        folder.Write("settings.json", "{");
        Assert.Contains("settings.json can not be read", Assert.Throws<LabException>(() => new LabFolder(folder.Path).Keep(Demo(1, "abc1234", LabRecipe.Demo))).Message, StringComparison.Ordinal);
    }

    private static LabSettings Demo(ulong seed, string commit, LabRecipe recipe) => LabSettings.Of("demo", seed, "f32", commit, recipe);

    private static LabSettings Lab(LabPlan plan) => LabSettings.Of("lab", 1, "f32", "abc1234", plan);
}
