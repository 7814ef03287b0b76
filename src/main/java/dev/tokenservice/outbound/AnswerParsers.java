package dev.tokenservice.outbound;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;

/** Makes a parser for each connection. */
final class AnswerParsers implements HttpMessageParserFactory<ClassicHttpResponse> {

    @Override
    @Deprecated
    public HttpMessageParser<ClassicHttpResponse> create(Http1Config bounds) {
        return new AnswerParser(bounds);
    }

    @Override
    public HttpMessageParser<ClassicHttpResponse> create() {
        return new AnswerParser(AnswerParser.bounds());
    }
}
