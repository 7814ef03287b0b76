package dev.tokenservice.configuration;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A setting that is a duration of 1 second to a year, in a form of {@link Durations}. */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = DurationText.Validator.class)
public @interface DurationText {

    String message() default "must be a duration of 1 second to 365 days, such as 90m, 24h, 7d or PT24H";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Accepts null: that a duration is required is another annotation's to say. */
    final class Validator implements ConstraintValidator<DurationText, String> {

        private static final Duration LEAST = Duration.ofSeconds(1);
        private static final Duration MOST = Duration.ofDays(365);

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null
                    || Durations.parse(text)
                            .filter(duration -> duration.compareTo(LEAST) >= 0 && duration.compareTo(MOST) <= 0)
                            .isPresent();
        }
    }
}
