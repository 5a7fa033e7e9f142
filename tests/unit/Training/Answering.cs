using System.Reflection;

namespace GenPrm.Tests.Unit.Training;

/// <summary>An interface whose every call one function answers.</summary>
public class Answering : DispatchProxy
{
    private Func<string, object?[], object> answer = (_, _) => throw new NotSupportedException();

    /// <summary>Such an object.</summary>
    /// <param name="answer">Gives the result from the method's name and its arguments.</param>
    public static T As<T>(Func<string, object?[], object> answer)
        where T : class
    {
        var proxy = Create<T, Answering>();
        ((Answering)(object)proxy).answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => answer(targetMethod!.Name, args ?? []);
}
