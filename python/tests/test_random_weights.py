"""Random weights: values worked out by hand from the published definitions."""

import torch

from hfgd_torch.random_weights import fnv1a_64, random_tensor, splitmix64, uniform


def test_the_hash_is_fnv1a() -> None:
    """Test vectors of the FNV reference."""
    assert fnv1a_64("") == 0xCBF29CE484222325
    assert fnv1a_64("a") == 0xAF63DC4C8601EC8C
    assert fnv1a_64("foobar") == 0x85944171F73967E8


def test_the_generator_is_splitmix64() -> None:
    """First outputs for seed 0, and those behind tokens.weight of seed 7."""
    assert splitmix64(0, 1).tolist() == [0xE220A8397B1DCDAF]
    assert fnv1a_64("tokens.weight") ^ 7 == 0xE933FB7DE8DEF8A4
    assert splitmix64(0xE933FB7DE8DEF8A4, 4).tolist() == [
        0xE646CB7A059D7652,
        0x618477D3094155C1,
        0xCF772CAF456BF706,
        0x295351F8AB1C1D6B,
    ]


def test_u_is_the_top_24_bits() -> None:
    """0xE646CB = 15091403 and 15091403 / 2²³ - 1 = 0.7990354299545288, exactly."""
    u = uniform("tokens.weight", (2, 2), seed=7)
    assert u[0, 0] == 0xE646CB / 0x800000 - 1 == 0.7990354299545288
    assert u[1, 1] == 0x295351 / 0x800000 - 1


def test_the_first_values_of_each_kind_of_tensor() -> None:
    """The numbers that the Swift tests have too, as bits of float32 where rounding matters."""
    tokens = random_tensor("tokens.weight", (59, 256), seed=7).flatten()[:4]
    bits = [value & 0xFFFFFFFF for value in tokens.view(torch.int32).tolist()]
    assert bits == [0x3DB125ED, 0xBCD3307A, 0x3D89A368, 0xBD961FED]

    def first(name: str, shape: tuple[int, ...]) -> float:
        return random_tensor(name, shape, seed=7).flatten()[0].item()

    def u(name: str) -> float:
        return uniform(name, (1,), seed=7).item()

    def rounded(value: float) -> float:
        return torch.tensor(value, dtype=torch.float64).float().item()

    conv, bn = "backbone.stem.0.conv.weight", "backbone.stem.0.bn."
    assert first(conv, (64, 3, 3, 3)) == rounded(u(conv) * (3 / 27) ** 0.5)
    assert first("tokens.bias", (59,)) == rounded(0.1 * u("tokens.bias"))
    assert first(bn + "weight", (64,)) == rounded(1 + 0.1 * u(bn + "weight"))
    assert first(bn + "bias", (64,)) == rounded(0.1 * u(bn + "bias"))
    assert first(bn + "running_mean", (64,)) == rounded(0.1 * u(bn + "running_mean"))
    assert first(bn + "running_var", (64,)) == rounded(1 + 0.5 * abs(u(bn + "running_var")))
