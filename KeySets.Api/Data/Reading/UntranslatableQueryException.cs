namespace KeySets.Api.Data.Reading;

/// <summary>EF Core cannot translate a query to SQL. Nothing was sent to the database.</summary>
/// <param name="cause">The exception of EF Core.</param>
public sealed class UntranslatableQueryException(Exception cause) : Exception("The query cannot be translated.", cause);
