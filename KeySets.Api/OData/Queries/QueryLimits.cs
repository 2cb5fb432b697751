using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Checks every expression of a request against the limits, and against <see cref="ExpressionRules"/>, which list the
/// operators, functions and members that an expression may consist of.
/// </summary>
public sealed class QueryLimits
{
    /// <summary>The deepest nesting of an expression.</summary>
    public const int MaximumDepth = 50;

    /// <summary>The most operators, functions, properties and literals in all expressions of a request.</summary>
    public const int MaximumNodes = 200;

    /// <summary>The deepest nesting of any and all.</summary>
    public const int MaximumLambdas = 2;

    /// <summary>The deepest nesting of functions.</summary>
    public const int MaximumFunctions = 15;

    /// <summary>The most expressions in an $orderby.</summary>
    public const int MaximumOrderings = 5;

    private int _nodes;

    /// <summary>Checks every expression of a request.</summary>
    /// <exception cref="RefusalException">400: a private member, or a limit exceeded; 501: not supported.</exception>
    public static void Check(QueryOptions options)
    {
        QueryLimits limits = new();
        limits.CheckClauses(options.Filter, options.OrderBy, options.Search, target: null);
        limits.CheckSelection(options.SelectExpand, SystemQueryOptions.Select);
    }

    private void CheckClauses(FilterClause? filter, OrderByClause? orderBy, SearchClause? search, string? target)
    {
        if (filter is not null)
        {
            if (ExpressionRules.IsNull(filter.Expression))
            {
                throw Refusal.UnsupportedExpression(target ?? SystemQueryOptions.Filter);
            }

            CheckNode(filter.Expression, default, target ?? SystemQueryOptions.Filter);
        }

        int orderings = 0;
        for (OrderByClause? clause = orderBy; clause is not null; clause = clause.ThenBy)
        {
            if (++orderings > MaximumOrderings)
            {
                throw Refusal.TooManyOrderings(MaximumOrderings);
            }

            CheckNode(clause.Expression, default, target ?? SystemQueryOptions.OrderBy);
            if (clause.RangeVariable.TypeReference.FullName() == KeySetsEdmModel.KeySetType)
            {
                RefuseArithmetic(clause.Expression, target ?? SystemQueryOptions.OrderBy);
            }
        }

        if (search is not null)
        {
            CheckNode(search.Expression, default, target ?? SystemQueryOptions.Search);
        }
    }

    /// <remarks>
    /// A page starts after a value. If it overflows, the database, .NET and the skip token disagree on it.
    /// </remarks>
    private static void RefuseArithmetic(QueryNode? node, string target)
    {
        if (node is BinaryOperatorNode { OperatorKind: >= BinaryOperatorKind.Add and <= BinaryOperatorKind.Modulo }
            or UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Negate })
        {
            throw Refusal.UnsupportedExpression(target);
        }

        foreach (QueryNode? child in ExpressionRules.Children(node, target))
        {
            RefuseArithmetic(child, target);
        }
    }

    private void CheckSelection(SelectExpandClause? clause, string target)
    {
        foreach (SelectItem item in clause?.SelectedItems ?? [])
        {
            switch (item)
            {
                case WildcardSelectItem:
                    break;
                case PathSelectItem { ComputeOption: null } select
                    when KeySelection.IsOfKeys(select) || !KeySelection.HasOptions(select):
                    CheckPath(select.SelectedPath, target);
                    CheckClauses(select.FilterOption, select.OrderByOption, select.SearchOption, target);
                    CheckSelection(select.SelectAndExpand, target);
                    break;
                case ExpandedReferenceSelectItem { ApplyOption: null, ComputeOption: null } expand
                    when expand.PathToNavigationProperty.Count == 1 && IsSupported(expand, clause):
                    CheckClauses(
                        expand.FilterOption, expand.OrderByOption, expand.SearchOption, SystemQueryOptions.Expand);
                    CheckSelection((item as ExpandedNavigationSelectItem)?.SelectAndExpand, SystemQueryOptions.Expand);
                    break;
                default:
                    throw Refusal.UnsupportedExpression(
                        item is ExpandedReferenceSelectItem ? SystemQueryOptions.Expand : target);
            }
        }
    }

    /// <remarks>
    /// Keys as entities have no references of their own. A query shows either the keys or the entities of a set in
    /// another way than they are.
    /// </remarks>
    private static bool IsSupported(ExpandedReferenceSelectItem expand, SelectExpandClause? clause) =>
        !KeySelection.IsOfEntities(expand)
        || (expand is ExpandedNavigationSelectItem or ExpandedCountSelectItem && KeySelection.Of(clause) is null);

    private static void CheckPath(ODataSelectPath path, string target)
    {
        foreach (ODataPathSegment segment in path)
        {
            if (segment is PropertySegment property)
            {
                ExpressionRules.RefusePrivate(property.Property, target);
            }
            else if (segment is not NavigationPropertySegment)
            {
                throw Refusal.UnsupportedExpression(target);
            }
        }
    }

    private void CheckNode(QueryNode? node, Nesting nesting, string target)
    {
        nesting = nesting.Within(node);
        if (nesting.Depth > MaximumDepth)
        {
            throw Refusal.QueryTooDeep(target, MaximumDepth);
        }

        _nodes += 1 + ((node as CollectionConstantNode)?.Collection.Count ?? 0);
        if (_nodes > MaximumNodes)
        {
            throw Refusal.TooManyQueryNodes(target, MaximumNodes);
        }

        // Comparing each key with every other key takes quadratic time.
        if (nesting.IsWithinLambda && node is LambdaNode { Source: CollectionComplexNode or CollectionNavigationNode }
            or CountNode { Source: CollectionComplexNode or CollectionNavigationNode })
        {
            throw Refusal.NestedKeys(target);
        }

        if (ExpressionRules.Conditions(node).Any(ExpressionRules.IsNull))
        {
            throw Refusal.UnsupportedExpression(target);
        }

        if (nesting.Lambdas > MaximumLambdas)
        {
            throw Refusal.TooManyLambdas(target, MaximumLambdas);
        }

        if (nesting.Functions > MaximumFunctions)
        {
            throw Refusal.TooManyFunctions(target, MaximumFunctions);
        }

        foreach (QueryNode? child in ExpressionRules.Children(node, target))
        {
            CheckNode(child, nesting, target);
        }
    }

    /// <summary>The nesting around a node, the node included.</summary>
    private readonly record struct Nesting(int Depth, int Lambdas, int Functions, bool IsWithinLambda)
    {
        public Nesting Within(QueryNode? node) => new(
            Depth + 1,
            Lambdas + (node is LambdaNode ? 1 : 0),
            Functions + (node is SingleValueFunctionCallNode ? 1 : 0),
            Lambdas > 0);
    }
}
