Console.WriteLine("genprm");
