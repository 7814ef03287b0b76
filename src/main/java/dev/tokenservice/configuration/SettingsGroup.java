package dev.tokenservice.configuration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A class with settings of its own, which no field of the configuration's class holds: its objects are found at run time, as
 * those of a site's jar are.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SettingsGroup {

    /** Where its settings stand in the configuration, keys joined by dots. */
    String value();
}
