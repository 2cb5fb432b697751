using System.Collections.ObjectModel;
using System.Linq.Expressions;
using KeySets.Api.Data.Reading;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Expressions;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>Turns the clauses that ODataLib has parsed into expressions for EF Core.</summary>
/// <param name="model">The model that ODataLib parsed them with.</param>
public sealed class QueryExpressions(IEdmModel model) : TextFunctions
{
    private static readonly ODataQuerySettings Settings = new()
    {
        HandleNullPropagation = HandleNullPropagationOption.False,
        MaxFunctionCallDepth = QueryLimits.MaximumFunctions,
    };

    private static readonly Type[] Orderable =
    [
        typeof(string), typeof(int), typeof(long), typeof(long?), typeof(bool), typeof(bool?),
        typeof(TrustFrameworkKeyStatus), typeof(DateTimeOffset),
    ];

    /// <summary>The condition of a $filter; null if there is none.</summary>
    /// <param name="clause">The $filter.</param>
    /// <param name="target">The query option that a refusal names.</param>
    /// <exception cref="RefusalException">501: ASP.NET Core OData cannot bind the expression.</exception>
    public Expression<Func<T, bool>>? Filter<T>(FilterClause? clause, string target) => clause is null
        ? null
        : (Expression<Func<T, bool>>)Bound(
            target, () => BindFilter(clause, new QueryBinderContext(model, Settings, typeof(T))));

    /// <summary>The orderings of an $orderby; empty if there is none.</summary>
    /// <param name="first">The $orderby.</param>
    /// <param name="target">The query option that a refusal names.</param>
    /// <exception cref="RefusalException">
    /// 501: ASP.NET Core OData cannot bind an expression, or its values are not text, whole numbers or conditions.
    /// </exception>
    public IReadOnlyList<Ordering<T>> Orderings<T>(OrderByClause? first, string target)
    {
        List<Ordering<T>> orderings = [];
        for (OrderByClause? clause = first; clause is not null; clause = clause.ThenBy)
        {
            QueryBinderContext context = new(model, Settings, typeof(T));
            SingleValueNode expression = clause.Expression;
            Expression value = Bound(target, () => Bind(expression, context));
            if (!Orderable.Contains(value.Type))
            {
                throw Refusal.UnsupportedExpression(target);
            }

            orderings.Add(new Ordering<T>(
                Expression.Lambda<Func<T, object?>>(
                    Expression.Convert(value, typeof(object)), context.CurrentParameter),
                clause.Direction == OrderByDirection.Descending));
        }

        return orderings;
    }

    /// <remarks>
    /// Puts the condition on the left: EF Core omits the parentheses around <c>b IN (c)</c> on the right.
    /// </remarks>
    public override Expression BindBinaryOperatorNode(
        BinaryOperatorNode binaryOperatorNode, QueryBinderContext context) =>
        base.BindBinaryOperatorNode(
            binaryOperatorNode is { OperatorKind: BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual }
            && ExpressionRules.IsLiteral(binaryOperatorNode.Left)
                ? new BinaryOperatorNode(
                    binaryOperatorNode.OperatorKind, binaryOperatorNode.Right, binaryOperatorNode.Left)
                : binaryOperatorNode,
            context);

    /// <remarks>In a list, ASP.NET Core OData looks for the members of an enumeration by their C# names.</remarks>
    public override Expression BindInNode(InNode inNode, QueryBinderContext context) =>
        inNode.Left.TypeReference.IsEnum() && inNode.Right is CollectionConstantNode list
            ? Bind(
                list.Collection
                    .Select(value => Binary(BinaryOperatorKind.Equal, inNode.Left, value))
                    .Aggregate((one, other) => Binary(BinaryOperatorKind.Or, one, other)),
                context)
            : base.BindInNode(inNode, context);

    /// <inheritdoc />
    public override Expression BindAnyNode(AnyNode anyNode, QueryBinderContext context)
    {
        // Without a condition, any() has no range variable.
        RangeVariable? variable = AsKeys(anyNode.CurrentRangeVariable, anyNode.Source);
        Collection<RangeVariable> variables = variable is null ? anyNode.RangeVariables : [variable];
        return base.BindAnyNode(
            new AnyNode(variables, variable) { Source = AsKeys(anyNode.Source), Body = anyNode.Body }, context);
    }

    /// <remarks>
    /// Compares the body with true: the database looks for an element with a false body, and must find null too.
    /// </remarks>
    public override Expression BindAllNode(AllNode allNode, QueryBinderContext context)
    {
        RangeVariable? variable = AsKeys(allNode.CurrentRangeVariable, allNode.Source);
        BinaryOperatorNode body = Binary(BinaryOperatorKind.Equal, allNode.Body, new ConstantNode(true));
        return base.BindAllNode(
            new AllNode([variable], variable) { Source = AsKeys(allNode.Source), Body = body }, context);
    }

    /// <remarks>
    /// Within the options of $count, ASP.NET Core OData finds the variable by its type. For it, the entities of keys_v2
    /// are of another type than the keys.
    /// </remarks>
    public override Expression BindRangeVariable(RangeVariable rangeVariable, QueryBinderContext context) =>
        rangeVariable.Name == "$it" && rangeVariable.TypeReference.FullName() == KeySetsEdmModel.KeyV2Type
            ? context.CurrentParameter
            : base.BindRangeVariable(rangeVariable, context);

    /// <inheritdoc />
    public override Expression BindCountNode(CountNode node, QueryBinderContext context) =>
        base.BindCountNode(new CountNode(AsKeys(node.Source), node.FilterClause, node.SearchClause), context);

    /// <remarks>
    /// ODataLib parses more than ASP.NET Core OData can bind. The binder reports it by any of these exceptions.
    /// </remarks>
    private static TExpression Bound<TExpression>(string target, Func<TExpression> bind)
    {
        try
        {
            return bind();
        }
        catch (Exception exception) when (exception is ODataException or ArgumentException or InvalidOperationException
            or NotImplementedException or NotSupportedException or KeyNotFoundException)
        {
            throw Refusal.UnsupportedExpression(target);
        }
    }

    private static BinaryOperatorNode Binary(BinaryOperatorKind kind, SingleValueNode left, SingleValueNode right) =>
        new(kind, left, right);

    private static RangeVariable? AsKeys(RangeVariable? variable, CollectionNode source) =>
        variable is not null && source is CollectionNavigationNode && AsKeys(source) is CollectionComplexNode keys
            ? new ResourceRangeVariable(variable.Name, keys.ItemStructuredType, keys)
            : variable;

    /// <remarks>The entities of keys_v2 are the keys of the set. EF Core knows them only as <c>keys</c>.</remarks>
    private static CollectionNode AsKeys(CollectionNode source) =>
        source is CollectionNavigationNode { Source: SingleResourceNode set }
            ? new CollectionComplexNode(set, set.StructuredTypeReference.StructuredDefinition().FindProperty("keys"))
            : source;
}
