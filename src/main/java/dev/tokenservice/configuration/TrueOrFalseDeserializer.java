package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;

/**
 * Reads true and false in any case, also from the texts that variables are. That of Jackson takes numbers, spaces, and the
 * word null, which it makes an absent value of.
 */
final class TrueOrFalseDeserializer extends StdScalarDeserializer<Boolean> {

    TrueOrFalseDeserializer() {
        super(Boolean.class);
    }

    @Override
    public Boolean deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken().isBoolean()) {
            return parser.getBooleanValue();
        }
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            if (parser.getText().equalsIgnoreCase("true")) {
                return Boolean.TRUE;
            }
            if (parser.getText().equalsIgnoreCase("false")) {
                return Boolean.FALSE;
            }
        }
        return (Boolean) context.handleUnexpectedToken(Boolean.class, parser);
    }
}
