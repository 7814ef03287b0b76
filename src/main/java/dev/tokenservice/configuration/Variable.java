package dev.tokenservice.configuration;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a setting, and the environment variable that overrides it. The field's name is the key in the configuration file,
 * its initial value the default. A variable of a field with a list holds values separated by commas.
 */
@JacksonAnnotationsInside
@JsonProperty
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Variable {

    /** Every name of the variable. A misspelt name that guides use comes first, and means the same. */
    String[] value();

    /** Returns whether no message may repeat the value. */
    boolean secret() default false;

    /** Returns whether the variable may be set to an empty text, which then is the value. */
    boolean mayBeEmpty() default false;
}
