package dev.tokenservice.configuration;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting of type {@code int} in minutes. It is written as a number, or as a duration of whole minutes or hours: {@code 5},
 * {@code 5m}, {@code 1h}, {@code PT5M}, {@code PT1H30M} (ISO 8601).
 */
@JacksonAnnotationsInside
@JsonDeserialize(using = MinutesDeserializer.class)
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Minutes {}
