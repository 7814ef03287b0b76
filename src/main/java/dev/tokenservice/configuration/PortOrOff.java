package dev.tokenservice.configuration;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.regex.Pattern;

/** A setting of type {@code int} that is a port number, or {@code off} in any case, which is read as {@link #OFF}. */
@JacksonAnnotationsInside
@JsonDeserialize(using = PortOrOff.Deserializer.class)
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

    final class Deserializer extends StdScalarDeserializer<Integer> {

        private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

        Deserializer() {
            super(Integer.TYPE);
        }

        @Override
        public Integer deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            // YAML reads off without quotes as false.
            if (parser.currentToken() == JsonToken.VALUE_FALSE || "off".equalsIgnoreCase(parser.getText())) {
                return OFF;
            }
            boolean scalar = parser.currentToken() == JsonToken.VALUE_STRING
                    || parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
            return scalar && NUMBER.matcher(parser.getText()).matches()
                    ? Integer.valueOf(parser.getText())
                    : (Integer) context.handleUnexpectedToken(PortOrOff.class, parser);
        }
    }
}
