package parlance.leancloud;

/**
 * A line of a query.
 *
 * @param method the method of the SDK's query
 * @param arguments what it is given
 */
public record Condition(String method, Object... arguments) {
    static Condition with(String method, Object... arguments) {
        return new Condition(method, arguments);
    }
}
