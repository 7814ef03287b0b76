package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleErrorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
                "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0",
                "eyJhbGciOiJSUzI1NiJ9",
                "ya29.a0AfH6SMBx-_y.z"
            })
    void error_thatRepeatsAToken_isToldWithoutIt(String token) {
        GoogleError error = new GoogleError(400, "invalid_grant", "the token " + token + ", is malformed", null);

        assertThat(error.message()).isEqualTo("the token (a token), is malformed");
        assertThat(new GoogleError(400, token, "", null).code()).isEqualTo("(a token)");
    }
}
