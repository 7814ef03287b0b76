package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses a port can listen on, and what is said of the others. */
class ListenSettingTest {

    private static ListenSetting set(String host) {
        return new ListenSetting("server.adminHost", "ADMIN_HOST", Optional.of(host));
    }

    @Test
    void resolve_notSet_isAllInterfaces() {
        assertThat(new ListenSetting("server.applicationHost", "APPLICATION_HOST", Optional.empty()).resolve())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "0.0.0.0", "localhost"})
    void resolve_addressOfThisMachine_isTaken(String host) {
        assertThat(set(host).resolve()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, is not an address of this machine: set one that 'ip address' lists",
        "2001:db8::1, is not an address of this machine (2001:db8:0:0:0:0:0:1): set",
        "224.0.0.1, is not an address of this machine",
        "no-such-host.invalid, cannot be resolved on this machine: set one of its IP addresses",
    })
    void resolve_unusable_namesTheSettingAndWhatToDo(String host, String problem) {
        assertThatThrownBy(() -> set(host).resolve())
                .isInstanceOf(UnusableAddressException.class)
                .hasMessageContaining("server.adminHost (ADMIN_HOST): found '" + host + "', which " + problem);
    }
}
