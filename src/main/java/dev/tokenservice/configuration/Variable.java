package dev.tokenservice.configuration;

import java.util.List;

/**
 * An environment variable and the setting that it overrides.
 *
 * @param names every name of it; the misspelt ones of the guide that operators follow are as good as the others
 * @param path where the setting stands in the configuration, its keys joined by dots
 * @param form what the variable's text is made into
 */
public record Variable(List<String> names, String path, Form form) {

    /** What a variable's text becomes in the configuration. */
    public enum Form {
        /** One value. */
        TEXT,
        /** One value that may be empty. */
        TEXT_OR_EMPTY,
        /** Values separated by commas, white space around them does not count. */
        LIST,
        /** Such values, or none. */
        LIST_OR_EMPTY,
        /** One value that no message may repeat. */
        SECRET,
        /** Values separated by commas that no message may repeat. */
        SECRETS
    }

    static Variable secret(String path, String name) {
        return new Variable(List.of(name), path, Form.SECRET);
    }

    static Variable text(String path, String... names) {
        return new Variable(List.of(names), path, Form.TEXT);
    }

    boolean isList() {
        return form == Form.LIST || form == Form.LIST_OR_EMPTY || form == Form.SECRETS;
    }

    boolean isSecret() {
        return form == Form.SECRET || form == Form.SECRETS;
    }

    boolean mayBeEmpty() {
        return form == Form.TEXT_OR_EMPTY || form == Form.LIST_OR_EMPTY;
    }
}
