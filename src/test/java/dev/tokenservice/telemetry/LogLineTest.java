package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.testing.TestLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLineTest {

    private static final Logger LOG = LoggerFactory.getLogger(LogLineTest.class);

    private static Attribute<DirectoryName> commonName(String value) {
        DirectoryName.TypeAndValue attribute =
                new DirectoryName.TypeAndValue(DirectoryName.COMMON_NAME, Optional.of(value), "");
        return Attribute.of(new DirectoryName(List.of(List.of(attribute))));
    }

    @Test
    void certificate_longNames_areCutAndWhatIsUnknownIsLeftOut() {
        ClientCertificate told = ClientCertificate.ofUris(
                List.of(),
                List.of("a.example.com", "b.example.com"),
                Optional.empty(),
                Optional.of("01"),
                Optional.empty(),
                Optional.empty());
        ClientCertificate certificate =
                told.with(told.names().with(commonName("x".repeat(20)), commonName("J\u00fcrgen")));

        try (TestLog log = new TestLog()) {
            new LogLine(LOG.atError()).withCertificate(certificate, false, 16).write("a certificate");

            assertThat(TestLog.fields(log.of(LOG.getName()).get(0)))
                    .isEqualTo(Map.of(
                            "serial", "01",
                            "subject", "CN=xxxxxxxxxxxxx...",
                            "issuer", "CN=J\\C3\\BCrgen",
                            "dns", "a.example.com,b....",
                            "verified", "false"));
        }
    }
}
