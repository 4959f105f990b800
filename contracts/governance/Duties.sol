// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.24;

// Duties: the roles of the access manager, one per duty (R-JSTOA-6.2.3a).
//
// No duty implies another. The same numbers stand in `governance/duties.py`; a test compares them. Zero is the
// access manager's own ADMIN role: it grants duties and has none itself.
uint64 constant DUTY_ISSUER = 1; // Safe: issue, redeem, split, terms
uint64 constant DUTY_DISTRIBUTOR = 2; // registrar's officer: distribute
uint64 constant DUTY_RESTRICTOR = 3; // compliance or registrar: raise restrictions
uint64 constant DUTY_RELEASER = 4; // Safe: lift restrictions
uint64 constant DUTY_REPAIRER = 5; // Safe: forced, redistribute, reverse, re-key
uint64 constant DUTY_STOPPER = 6; // operator, alone: stop
uint64 constant DUTY_RESUMER = 7; // Safe without the person who stopped: resume
uint64 constant DUTY_MARKET_OPERATOR = 8; // operator: open and close the market
uint64 constant DUTY_TRANSFER_CONTROLLER = 9; // Safe: transfer-enable groups
uint64 constant DUTY_PRODUCT_CREATOR = 10; // Safe: approve token code, create products
uint64 constant DUTY_FACTORY = 11; // the factory contract: register what it created
uint64 constant DUTY_CASH_ADMIN = 12; // Safe: the list of yen tokens
uint64 constant DUTY_ANCHORER = 13; // registrar's officer: roots of registers, payee lists, audit days
uint64 constant DUTY_DOCUMENT_KEEPER = 14; // Safe: documents of a product
