namespace KeySets.Api.OData.Requests;

/// <summary>
/// Marks an endpoint outside the OData service: its answers have only the headers that it sets itself.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutsideODataAttribute : Attribute;
