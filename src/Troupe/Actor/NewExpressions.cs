using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Reads <c>new T(arguments)</c> from an expression tree and evaluates the arguments.</summary>
internal static class NewExpressions
{
    public static (Type Type, object[] Arguments) Read(Expression body)
    {
        while (body is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert) body =
            convert.Operand;
        if (body is not NewExpression creation)
            throw new ArgumentException("The create function must be a 'new T (args)' expression");
        var arguments = new object[creation.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Evaluate(creation.Arguments[i])!;
        return (creation.Type, arguments);
    }

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field, Expression: var target } =>
            field.GetValue(target is null ? null : Evaluate(target)),
        MemberExpression { Member: PropertyInfo property, Expression: var target } =>
            property.GetValue(target is null ? null : Evaluate(target), BindingFlags.DoNotWrapExceptions, null, null, null),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null, Operand: var operand } unary
            when !operand.Type.IsValueType && !unary.Type.IsValueType => Evaluate(operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object)))
            .Compile(preferInterpretation: true)(),
    };
}
