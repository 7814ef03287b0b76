package dev.tokenservice.configuration;

import java.util.List;

/**
 * The objects that a configuration is read into beside its class, each with its settings. They are injected into fields of
 * this type.
 */
public record FoundObjects(List<?> all) {

    public static final FoundObjects NONE = new FoundObjects(List.of());

    public <T> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
