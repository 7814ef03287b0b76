package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.regex.Pattern;

/** Reads {@link PortOrOff}. */
final class PortOrOffDeserializer extends StdScalarDeserializer<Integer> {

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    PortOrOffDeserializer() {
        super(Integer.TYPE);
    }

    @Override
    public Integer deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        // YAML reads off without quotes as false.
        if (parser.currentToken() == JsonToken.VALUE_FALSE || "off".equalsIgnoreCase(parser.getText())) {
            return PortOrOff.OFF;
        }
        boolean scalar =
                parser.currentToken() == JsonToken.VALUE_STRING || parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
        return scalar && NUMBER.matcher(parser.getText()).matches()
                ? Integer.valueOf(parser.getText())
                : (Integer) context.handleUnexpectedToken(PortOrOff.class, parser);
    }
}
