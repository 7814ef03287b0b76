package dev.tokenservice.configuration;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting that names a file or a folder. A name with characters that the process' locale does not have, such as an umlaut
 * under {@code LC_ALL=C}, cannot be opened by a JVM.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = FilePathValidator.class)
public @interface FilePath {

    String message() default "must be the path of a file";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Returns whether the setting may be empty, which then means none. */
    boolean mayBeEmpty() default false;
}
