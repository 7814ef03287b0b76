package dev.tokenservice.configuration;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A setting that names a file or a folder. A name with characters that the process' locale does not have, such as an umlaut
 * under {@code LC_ALL=C}, cannot be opened by a JVM.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = FilePath.Validator.class)
public @interface FilePath {

    String message() default "must be the path of a file";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Whether the setting may be empty, which then means none. */
    boolean mayBeEmpty() default false;

    /** Accepts null: another annotation says whether a path is required. */
    final class Validator implements ConstraintValidator<FilePath, String> {

        private boolean mayBeEmpty;

        @Override
        public void initialize(FilePath annotation) {
            mayBeEmpty = annotation.mayBeEmpty();
        }

        @Override
        public boolean isValid(@Nullable String path, ConstraintValidatorContext context) {
            if (path == null || path.isEmpty()) {
                return path == null || mayBeEmpty;
            }
            if (isPath(path)) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate()
                            + "; characters beyond ASCII need LANG=C.UTF-8")
                    .addConstraintViolation();
            return false;
        }

        private static boolean isPath(String path) {
            try {
                return !Path.of(path).toString().isEmpty();
            } catch (InvalidPathException e) {
                return false;
            }
        }
    }
}
