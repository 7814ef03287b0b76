package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Reads whole numbers, also from the texts that variables are. That of Jackson takes spaces, signs, digits of every script,
 * and the word null, which it makes a zero of.
 */
final class WholeNumberDeserializer extends StdScalarDeserializer<Integer> {

    /** {@link GroupReader} tells operators of it. */
    private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,8}");

    WholeNumberDeserializer() {
        super(Integer.TYPE);
    }

    @Override
    public Integer deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && FORM.matcher(parser.getText()).matches()) {
            return parser.getIntValue();
        }
        if (parser.currentToken() == JsonToken.VALUE_STRING
                && FORM.matcher(parser.getText()).matches()) {
            return Integer.valueOf(parser.getText());
        }
        return (Integer) context.handleUnexpectedToken(Integer.TYPE, parser);
    }
}
