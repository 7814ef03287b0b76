package dev.tokenservice.policy.cel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts CEL values to values of a token. */
final class ClaimValue {

    private ClaimValue() {}

    /** Returns the value in its JSON form. */
    static Object of(Object value) {
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(of(item)));
            return items;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((key, member) -> members.put(key(key), of(member)));
            return members;
        }
        if (value instanceof String || value instanceof Long || value instanceof Boolean) {
            return value;
        }
        throw new EvaluationException(
                "a claim holds texts, whole numbers, true, false, lists and maps, and not a " + name(value));
    }

    private static String key(Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new EvaluationException("the keys of a map in a claim are texts, and not a " + name(key));
    }

    private static String name(Object value) {
        return value.getClass().getSimpleName();
    }
}
