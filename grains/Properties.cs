using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("GenPrm.Tests.Unit")]
[assembly: InternalsVisibleTo("GenPrm.Tests.Cluster")]
