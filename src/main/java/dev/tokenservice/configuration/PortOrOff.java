package dev.tokenservice.configuration;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A setting of type {@code int} that is a port number, or {@code off} in any case, which is read as {@link #OFF}. */
@JacksonAnnotationsInside
@JsonDeserialize(using = PortOrOffDeserializer.class)
@Min(PortOrOff.OFF)
@Max(65_535)
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface PortOrOff {

    /** Stands for no port; no number that can be written is read as this one. */
    int OFF = -1;

    /** What is allowed. */
    String RULE = "a port number, 0 to 65535, or off";

    String message() default "must be " + RULE;

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
