package dev.tokenservice.configuration;

import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Accepts null: another annotation says whether a path is required. */
public final class FilePathValidator implements ConstraintValidator<FilePath, String> {

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
        context.buildConstraintViolationWithTemplate(
                        context.getDefaultConstraintMessageTemplate() + "; characters beyond ASCII need LANG=C.UTF-8")
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
