package dev.tokenservice.configuration;

import com.google.common.net.InetAddresses;
import dev.tokenservice.oauth.HostAndPort;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * A setting with the address that a port listens on. Only the form is judged here: a file is also validated on machines that the
 * service does not run on.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ListenAddress.Validator.class)
public @interface ListenAddress {

    String message() default
            "must be an IP address of this machine, such as 10.0.0.7, or a name of one; 0.0.0.0 stands for all";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Accepts null, for all interfaces. Short forms of an address, such as 127.1, are refused: they are easily misread. */
    final class Validator implements ConstraintValidator<ListenAddress, String> {

        @Override
        public boolean isValid(@Nullable String address, ConstraintValidatorContext context) {
            return address == null || InetAddresses.isInetAddress(address) || isName(address);
        }

        private static boolean isName(String text) {
            return HostAndPort.parse(text)
                    .filter(host -> host.port().isEmpty() && !host.host().startsWith("["))
                    .isPresent();
        }
    }
}
