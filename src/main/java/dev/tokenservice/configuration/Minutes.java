package dev.tokenservice.configuration;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting of type {@code int} that counts minutes. It is written as a number, or as a duration of whole minutes or hours:
 * {@code 5}, {@code 5m}, {@code 1h}, {@code PT5M}, {@code PT1H30M} (ISO 8601).
 */
@JacksonAnnotationsInside
@JsonDeserialize(using = Minutes.Deserializer.class)
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Minutes {

    final class Deserializer extends StdScalarDeserializer<Integer> {

        private static final String NUMBER = "(0|[1-9][0-9]{0,5})";
        private static final Pattern MINUTES = Pattern.compile(NUMBER + "m?");
        private static final Pattern HOURS = Pattern.compile(NUMBER + "h");
        private static final Pattern ISO = Pattern.compile("PT(?=.)(?:" + NUMBER + "H)?(?:" + NUMBER + "M)?");
        private static final int MINUTES_OF_HOUR = 60;

        Deserializer() {
            super(Integer.TYPE);
        }

        @Override
        public Integer deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    || parser.currentToken() == JsonToken.VALUE_STRING) {
                Matcher minutes = MINUTES.matcher(parser.getText());
                if (minutes.matches()) {
                    return Integer.valueOf(minutes.group(1));
                }
                Matcher hours = HOURS.matcher(parser.getText());
                if (hours.matches()) {
                    return number(hours, 1) * MINUTES_OF_HOUR;
                }
                Matcher iso = ISO.matcher(parser.getText());
                if (iso.matches()) {
                    return number(iso, 1) * MINUTES_OF_HOUR + number(iso, 2);
                }
            }
            return (Integer) context.handleUnexpectedToken(Minutes.class, parser);
        }

        private static int number(Matcher matcher, int group) {
            return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
        }
    }
}
