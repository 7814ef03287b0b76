package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link Minutes}. */
final class MinutesDeserializer extends StdScalarDeserializer<Integer> {

    private static final String NUMBER = "(0|[1-9][0-9]{0,5})";
    private static final Pattern MINUTES = Pattern.compile(NUMBER + "m?");
    private static final Pattern HOURS = Pattern.compile(NUMBER + "h");
    private static final Pattern ISO = Pattern.compile("PT(?=.)(?:" + NUMBER + "H)?(?:" + NUMBER + "M)?");
    private static final int MINUTES_OF_HOUR = 60;

    MinutesDeserializer() {
        super(Integer.TYPE);
    }

    @Override
    public Integer deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT || parser.currentToken() == JsonToken.VALUE_STRING) {
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
