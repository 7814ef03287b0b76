package dev.tokenservice.policy.cel;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The variables of one evaluation. Records which one is missing. */
final class Variables {

    private final Map<String, Object> all = new HashMap<>();
    private final Set<String> there;
    private @Nullable String missing;

    /**
     * Creates the variables.
     *
     * @param there the unknown attributes of the client that {@code has()} reports as present
     */
    Variables(Facts facts, Set<String> there) {
        this.there = there;
        all.putAll(facts.rows());
        all.put(Expressions.CLIENT, new Lookup(Expressions.CLIENT, key -> ofClient(facts, key)));
        all.put(Expressions.REQUEST, new Lookup(Expressions.REQUEST, key -> ofRequest(facts.request(), key)));
        all.put(Expressions.NOW, facts.now());
    }

    Map<String, ?> all() {
        return all;
    }

    /** Returns the missing attribute or column that was read last. */
    Optional<String> missing() {
        return Optional.ofNullable(missing);
    }

    private static Attribute<?> ofClient(Facts facts, String key) {
        ClientAttribute attribute =
                ClientAttribute.of(key).orElseThrow(() -> new NoSuchElementException("no attribute " + key));
        Attribute<?> value = facts.client().apply(attribute);
        return attribute.kind() == ClientAttribute.Kind.TEXTS && value.isAbsent() ? Attribute.of(List.of()) : value;
    }

    private static Attribute<?> ofRequest(Facts.Request request, String key) {
        return switch (key) {
            case "audience" -> Attribute.of(request.audience());
            case "relyingParty" -> Attribute.of(request.relyingParty());
            case "scopes" -> Attribute.of(request.scopes());
            case "serviceAccount" -> request.serviceAccount();
            default -> throw new NoSuchElementException("no attribute " + key);
        };
    }

    /** A map that reads one member at a time. {@code has()} only asks whether a member exists. */
    private final class Lookup extends AbstractMap<String, Object> {

        private final String name;
        private final Function<String, Attribute<?>> values;

        Lookup(String name, Function<String, Attribute<?>> values) {
            this.name = name;
            this.values = values;
        }

        @Override
        public boolean containsKey(Object key) {
            Attribute<?> value = values.apply(String.valueOf(key));
            if (value.value().isEmpty()) {
                missing = name + "." + key + " is " + value;
            }
            return value.value().isPresent()
                    || (value.isUnknown() && name.equals(Expressions.CLIENT) && there.contains(String.valueOf(key)));
        }

        @Override
        public Object get(Object key) {
            Attribute<?> value = values.apply(String.valueOf(key));
            if (value.value().isEmpty()) {
                missing = name + "." + key + " is " + value;
                throw new NoSuchElementException(missing);
            }
            return value.value().get();
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            throw new UnsupportedOperationException("only single attributes of " + name + " can be read");
        }
    }
}
