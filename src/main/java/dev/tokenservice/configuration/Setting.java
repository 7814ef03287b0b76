package dev.tokenservice.configuration;

import io.dropwizard.validation.OneOf;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A setting.
 *
 * @param path where it stands in the configuration, its keys joined by dots
 * @param field the field that declares it
 */
public record Setting(String path, Field field) {

    /** Every name of the environment variable that overrides it. */
    public List<String> variables() {
        return List.of(declaration().value());
    }

    public String description() {
        return describe(field);
    }

    static String describe(AnnotatedElement declaration) {
        Description description = declaration.getAnnotation(Description.class);
        return description == null ? "" : description.value();
    }

    /** Returns whether it holds several values, which commas separate in a variable. */
    public boolean isList() {
        return Collection.class.isAssignableFrom(field.getType());
    }

    /** Returns the allowed values, if they are few; their case does not matter. Empty if there are many. */
    List<String> choices() {
        OneOf choices = field.getAnnotation(OneOf.class);
        return choices == null ? List.of() : List.of(choices.value());
    }

    public boolean isSecret() {
        return declaration().secret();
    }

    /** Returns whether the variable may be set to an empty text. */
    public boolean mayBeEmpty() {
        return declaration().mayBeEmpty();
    }

    /** Returns whether a path is that of this setting, or of an item in its list. */
    boolean isAt(String other) {
        return other.equals(path) || other.startsWith(path + "[");
    }

    private Variable declaration() {
        return Objects.requireNonNull(field.getAnnotation(Variable.class));
    }
}
