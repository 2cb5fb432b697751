namespace KeySets.Api.OData.Requests;

/// <summary>Marks what is no part of the OData service, but of the web: its answers have the headers that it gives them, and no others.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutsideODataAttribute : Attribute;
